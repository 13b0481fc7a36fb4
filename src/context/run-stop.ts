/** Why a run is stopped from outside. Reasons of its AbortSignal; they are not errors of the run. */
export class RunStop extends Error {}

/** Somebody cancelled the run. */
export class RunCancelled extends RunStop {
  constructor(readonly why: string) {
    super(`cancelled: ${why}`);
    this.name = 'RunCancelled';
  }
}

/** The process shuts down: the run goes back to the queue at this checkpoint. No events are written. */
export class RunHandedBack extends RunStop {
  constructor() {
    super('handed back');
    this.name = 'RunHandedBack';
  }
}
