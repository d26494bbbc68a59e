/** How the page looks: one column on a phone, two figures side by side on a desk, light and dark. */
export const STYLE = `
:root { color-scheme: light dark; --page: #fbfbf9; --card: #fff; --ink: #1d1f21; --soft: #5c6166; --rule: #dfe1e0; --own: #d9480f; --base: #868e96; --peer: #74a3c7; --whisker: #1d1f21; }
@media (prefers-color-scheme: dark) { :root { --page: #15171a; --card: #1d2024; --ink: #e8eaec; --soft: #a2a9b0; --rule: #33383e; --own: #ff7a3d; --base: #7d868f; --peer: #4f86ad; --whisker: #fff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
main { max-width: 1200px; margin: 0 auto; padding: 16px; }
h1 { margin: 8px 0; font-size: 28px; } h2 { margin: 40px 0 8px; font-size: 21px; border-bottom: 1px solid var(--rule); padding-bottom: 6px; }
h3 { margin: 20px 0 8px; font-size: 16px; } h4 { margin: 20px 0 8px; font-size: 14px; color: var(--soft); }
p { max-width: 75ch; color: var(--soft); } small { color: var(--soft); }
.runs { list-style: none; padding: 0; display: grid; gap: 8px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); }
.runs li { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: 10px 12px; }
nav { display: flex; flex-wrap: wrap; gap: 6px; }
nav a { color: var(--ink); text-decoration: none; border: 1px solid var(--rule); border-radius: 99px; padding: 6px 12px; background: var(--card); }
nav a:hover, nav a:focus-visible { border-color: var(--own); }
.figures { display: grid; gap: 14px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 520px), 1fr)); }
figure { margin: 0; } figcaption { font-weight: 600; overflow-wrap: anywhere; }
.bars { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: 12px; min-width: 0; }
.unit { margin: 4px 0 8px; font-size: 13px; color: var(--soft); }
.row { display: grid; grid-template-columns: 170px minmax(60px, 1fr) 170px; gap: 2px 10px; align-items: center; padding: 3px 0; }
.name { font-size: 13px; overflow-wrap: anywhere; }
.value { font-size: 13px; font-variant-numeric: tabular-nums; } .value small { display: block; font-size: 12px; }
.why { grid-column: 2 / -1; font-size: 13px; color: var(--soft); overflow-wrap: anywhere; }
.track { position: relative; height: 14px; }
.track b { position: absolute; inset: 0 auto 0 0; border-radius: 2px; min-width: 1px; background: var(--base); }
.track.own b { background: var(--own); } .track.peer b { background: var(--peer); }
.track i { position: absolute; top: 50%; height: 0; border-top: 2px solid var(--whisker); }
.track i::before, .track i::after { content: ''; position: absolute; top: -5px; height: 8px; border-left: 2px solid var(--whisker); }
.track i::before { left: 0; } .track i::after { right: 0; }
.track.cut::after { content: '▸'; position: absolute; right: 2px; top: -4px; line-height: 20px; color: var(--card); }
.lines { display: grid; gap: 14px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 280px), 1fr)); }
.line { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: 10px; } .line figcaption { font-size: 12px; font-weight: 500; }
.line svg { width: 100%; height: auto; } .line line { stroke: var(--rule); } .line polygon { fill: var(--own); opacity: 0.18; }
.line polyline { fill: none; stroke: var(--own); stroke-width: 2; } .line circle { fill: var(--own); }
.ends { display: flex; justify-content: space-between; font-size: 12px; color: var(--soft); }
.sheet { display: flex; gap: 10px; overflow-x: auto; padding-bottom: 8px; } .sheet figure { flex: none; } .sheet img { display: block; margin-bottom: 4px; }
.sheet figcaption { font-size: 12px; font-weight: 500; max-width: 256px; }
@media (max-width: 560px) { main { padding: 12px; } .row { grid-template-columns: 1fr auto; } .name { grid-column: 1; } .value { grid-column: 2; grid-row: 1; text-align: right; } .track { grid-column: 1 / -1; grid-row: 2; } .why { grid-column: 1 / -1; } }
`;
