/** Tokens of user agent strings in the order to look for them: most engines claim to be others too. */
const ENGINES: [name: string, version: RegExp][] = [
  ['Firefox', /\b(?:Firefox|FxiOS)\/([\d.]+)/],
  ['Edge', /\bEdg(?:A|iOS)?\/([\d.]+)/],
  ['Samsung Internet', /\bSamsungBrowser\/([\d.]+)/],
  ['Chromium', /\b(?:Headless)?(?:Chrome|Chromium|CriOS)\/([\d.]+)/],
  ['Safari', /\bVersion\/([\d.]+).*\bSafari\//],
];

/**
 * Name and version of a browser for a result file's `engine`, of its user agent string; the string itself where it is
 * of none that is known.
 */
export function engineName(userAgent: string): string {
  for (const [name, version] of ENGINES) {
    const found = version.exec(userAgent)?.[1];
    if (found !== undefined) return `${name} ${found}`;
  }
  return userAgent;
}
