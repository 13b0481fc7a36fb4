import type { History, Invariant, SeenEvent, StoredLogEvent, ViewerHistory, Violation } from './history.js';

/** I1, I2, I3 and I10: what clients saw against what is stored. */
export function checkViewers(history: History): Violation[] {
  const log = new Map(history.log.map((event) => [placeOf(event), event.text]));
  const owners = new Map(history.threads.map(({ id, userId }) => [id, userId]));
  return history.viewers.flatMap((viewer) => [
    ...checkOrder(viewer),
    ...viewer.events.flatMap((event) => checkText(viewer, event, log)),
    ...checkOwners(viewer, owners),
    ...(viewer.resumes ? checkEnd(viewer, history) : []),
  ]);
}

/** I1 of the log itself: 1, 2, 3 … up to the thread's last_seq. */
export function checkLog({ log, threads }: History): Violation[] {
  const last = new Map<string, number>();
  const found: Violation[] = [];
  for (const { threadId, seq } of log) {
    const expected = (last.get(threadId) ?? 0) + 1;
    if (seq !== expected) found.push(violation('I1', `the log of ${threadId} has ${seq} where ${expected} should be`));
    last.set(threadId, seq);
  }
  for (const { id, lastSeq } of threads) {
    if ((last.get(id) ?? 0) !== lastSeq) found.push(violation('I1', `last_seq of ${id} is ${lastSeq}, not its log's`));
  }
  return found;
}

function checkOrder(viewer: ViewerHistory): Violation[] {
  const found: Violation[] = [];
  const last = new Map<string, number>();
  for (const { connection, threadId, seq } of viewer.events) {
    // Who does not resume may have missed what came between two connections.
    const stream = viewer.resumes ? threadId : `${connection} ${threadId}`;
    const before = last.get(stream) ?? (viewer.resumes ? 0 : seq - 1);
    const where = `${viewer.id}, connection ${connection}, thread ${threadId}: ${seq} after ${before}`;
    if (seq <= before) found.push(violation('I2', where));
    else if (seq > before + 1) found.push(violation('I1', where));
    last.set(stream, Math.max(seq, before));
  }
  return found;
}

function checkText(viewer: ViewerHistory, seen: SeenEvent, log: ReadonlyMap<string, string>): Violation[] {
  const stored = log.get(placeOf(seen));
  const where = `${viewer.id}, thread ${seen.threadId}, seq ${seen.seq}`;
  if (stored === undefined) return [violation('I3', `${where}: seen, not in the log: ${seen.text.slice(0, 200)}`)];
  if (seen.text === `{"seq":${seen.seq},${stored.slice(1)}`) return [];
  return [violation('I3', `${where}: saw ${seen.text.slice(0, 300)} where the log has ${stored.slice(0, 300)}`)];
}

function checkEnd(viewer: ViewerHistory, { threads }: History): Violation[] {
  const seen = new Map<string, number>();
  for (const { threadId, seq } of viewer.events) seen.set(threadId, seq);
  return [...seen].flatMap(([threadId, seq]) => {
    const lastSeq = threads.find(({ id }) => id === threadId)?.lastSeq;
    return lastSeq === undefined || lastSeq <= seq
      ? []
      : [violation('I3', `${viewer.id}, thread ${threadId}: saw up to ${seq} of ${lastSeq}`)];
  });
}

function checkOwners(viewer: ViewerHistory, owners: ReadonlyMap<string, string>): Violation[] {
  const frames = [...viewer.notices, ...viewer.events.map(({ threadId }) => ({ type: 'event', threadId }))];
  return frames.flatMap((frame) => {
    const { type, threadId } = frame;
    const named = 'userId' in frame ? frame.userId : undefined;
    const owner = threadId === undefined ? undefined : owners.get(threadId);
    const isForeign = [named, owner].some((userId) => userId !== undefined && userId !== viewer.userId);
    return isForeign ? [violation('I10', `${viewer.id} of ${viewer.userId} got ${type} of ${owner ?? named}`)] : [];
  });
}

const placeOf = ({ threadId, seq }: Pick<StoredLogEvent, 'threadId' | 'seq'>): string => `${threadId} ${seq}`;

const violation = (invariant: Invariant, detail: string): Violation => ({ invariant, detail });
