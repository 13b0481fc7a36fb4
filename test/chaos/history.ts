/** What the checker proves, in the words of the summary. */
export const INVARIANTS = {
  I1: 'seq is contiguous',
  I2: 'nothing comes twice',
  I3: 'what was seen is the log, byte for byte',
  I4: 'epochs never go back',
  I5: 'exactly one final event a run, the last one',
  I6: 'one run for each message_id of a user',
  I7: 'what was accepted came to its end',
  I8: 'one effect for each call of a tool that must not be repeated',
  I9: 'one live run a thread',
  I10: 'nothing of another user',
  I11: 'the grammar of a run',
} as const;

export type Invariant = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: Invariant;
  readonly detail: string;
}

/** An event as a client got it. */
export interface SeenEvent {
  /** Counts the connections of a viewer from 1. */
  readonly connection: number;
  readonly threadId: string;
  readonly seq: number;
  readonly text: string;
}

/** Whom and what a frame without seq is about. */
export interface SeenNotice {
  readonly type: string;
  readonly userId: string | undefined;
  readonly threadId: string | undefined;
}

/** One client over all its connections. */
export interface ViewerHistory {
  readonly id: string;
  readonly userId: string;
  /** Resumes after its last seq, and so must have seen everything; otherwise it follows what is live. */
  readonly resumes: boolean;
  readonly events: readonly SeenEvent[];
  readonly notices: readonly SeenNotice[];
}

/** A message_accepted. `messageId` is the one that the client chose. */
export interface Acceptance {
  readonly userId: string;
  readonly messageId: string;
  readonly runId: string;
}

export interface StoredThread {
  readonly id: string;
  readonly userId: string;
  readonly lastSeq: number;
}

export interface StoredRun {
  readonly id: string;
  readonly userId: string;
  readonly threadId: string;
  readonly messageId: string;
  readonly state: string;
  readonly epoch: number;
}

/** A row of the log; `text` as it is stored, without seq. */
export interface StoredLogEvent {
  readonly threadId: string;
  readonly seq: number;
  readonly runId: string | undefined;
  readonly epoch: number | undefined;
  readonly text: string;
}

/** Something that a tool did in the world outside. */
export interface Effect {
  readonly userId: string;
  readonly runId: string;
  readonly toolCallId: string;
  /** Tells the calls of one run apart, whatever attempt makes them. */
  readonly label: string;
  readonly idempotent: boolean;
  /** What the call was given for other systems that deduplicate. */
  readonly key: string;
}

/** Everything that was recorded in one round, at its end. Log events are in order of thread and seq. */
export interface History {
  readonly viewers: readonly ViewerHistory[];
  readonly acceptances: readonly Acceptance[];
  readonly threads: readonly StoredThread[];
  readonly runs: readonly StoredRun[];
  readonly log: readonly StoredLogEvent[];
  readonly effects: readonly Effect[];
  /** Tools whose calls of unknown outcome may be made again. */
  readonly idempotentTools: readonly string[];
  /** What the harness saw by itself, e.g. a cursor that the server refused. */
  readonly noted: readonly Violation[];
}
