/** Starts and stops a record of tasks; gives the longest, in CPU ms. */
export type TaskRecorder = { start(): Promise<void>; stop(): Promise<number> };

/** A browser under test. */
export type Driver = {
  /** Its name and version. */
  engine: string;
  /** Opens an address in its page. */
  goto(url: string): Promise<void>;
  /** Records the tasks of its page's main thread, where it can. */
  tasks?: TaskRecorder;
  /** Ends it, also when it hangs. */
  close(): Promise<void>;
};
