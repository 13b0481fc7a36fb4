/** Another attempt owns the run now (its epoch moved on): stop at once, write nothing more. Never shown to users. */
export class LostRunError extends Error {
  constructor(readonly runId: string) {
    super(`run ${runId} is owned by another attempt`);
    this.name = 'LostRunError';
  }
}
