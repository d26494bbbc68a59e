/** A browser under test. */
export type Driver = {
  /** Its name and version. */
  engine: string;
  /** Opens an address in its page. */
  goto(url: string): Promise<void>;
  /** Ends it, also when it hangs. */
  close(): Promise<void>;
};
