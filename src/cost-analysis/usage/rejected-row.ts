/** A row that can't be taken, and why. It is counted and shown with its line; the rows around it are not affected. */
export class RejectedRow extends Error {
  constructor(
    readonly reason: string,
    /** Line of the file, where the one who throws knows it; 0 otherwise. */
    readonly line = 0,
  ) {
    super(reason);
    this.name = 'RejectedRow';
  }
}
