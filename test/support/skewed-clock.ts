/**
 * A wall clock that can be set wrong. To be imported before everything else, so that nobody keeps hold of the right one. Monotonic time and
 * timers stay as they are, as on a machine whose clock is set.
 */
const RightDate = Date;
let offsetMs = Number(process.env.CLOCK_OFFSET_MS ?? 0);

const now = (): number => RightDate.now() + offsetMs;

globalThis.Date = new Proxy(RightDate, {
  apply: () => new RightDate(now()).toString(),
  construct: (target, parameters): Date =>
    parameters.length === 0 ? new RightDate(now()) : new target(...(parameters as [number])),
  get: (target, name): unknown => (name === 'now' ? now : Reflect.get(target, name)),
});

/** From now on the clock is wrong by so much; 0: right. */
export function setClock(wrongByMs: number): void {
  offsetMs = wrongByMs;
}
