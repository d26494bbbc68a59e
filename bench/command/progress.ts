/** Shows what is done now: on a terminal in one line, else a line for each comparison. */
export function progress(name: string): (line: string) => void {
  let last = '';
  return (line) => {
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\u001b[2K${`${name}: ${line}`.slice(0, (process.stderr.columns ?? 80) - 1)}`);
      return;
    }
    const key = line.split(': ')[0]!;
    if (key !== last) console.error(`${name}: ${key} …`);
    last = key;
  };
}
