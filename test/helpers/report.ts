/** What pages in a tab of their own tell the test that opened them. */

/** What became of a call: what it gave, or the name of what it threw. */
export type Outcome = number | string;

/** A line that a page sends. */
export type Report = {
  name: 'going' | 'hidden' | 'burst' | 'shown';
  visibility: DocumentVisibilityState;
  /** Shots of the burst so far. */
  shots?: number;
  outcomes?: Outcome[];
};

/** Sends a line. */
export async function report(line: Omit<Report, 'visibility'>): Promise<void> {
  const body = JSON.stringify({ ...line, visibility: document.visibilityState });
  await fetch('/report', { method: 'POST', body });
}
