/** What the server works with and can lose for a while. */
export const SERVICES = ['database', 'redis', 'queue', 'model', 'supervisor'] as const;
export type Service = (typeof SERVICES)[number];

/** How much of the server works: degraded is slower or plainer, but complete; limited lacks capabilities. */
export type Mode = 'full' | 'degraded' | 'limited';
/** What the absence of a service comes to. */
export type Absence = Exclude<Mode, 'full'>;

export type Capability = 'agents' | 'history' | 'usage_import' | 'usage_summary';

/** What a fully working server can do; connection_ready names what is left of it. */
export const CAPABILITIES: readonly Capability[] = ['agents', 'history', 'usage_import', 'usage_summary'];

interface Loss {
  /** What its absence comes to, once nothing helps any more. */
  readonly mode: Absence;
  /** What can't be done while the mode is limited. */
  readonly takes: readonly Capability[];
  /** What users are told. */
  readonly away: string;
  readonly back: string;
}

export const LOSSES = {
  database: {
    mode: 'limited',
    takes: CAPABILITIES,
    away: 'The database is away: nothing new is accepted, nothing that was accepted is lost. Stay connected and try again.',
    back: 'The database is back: what was accepted goes on.',
  },
  redis: {
    mode: 'degraded',
    takes: [],
    away: 'Redis is away: events that come from another server may take some seconds. Nothing is lost.',
    back: 'Redis is back: events come at once again.',
  },
  queue: {
    mode: 'degraded',
    takes: [],
    away: 'The queue is away: runs are accepted, and start a little later. Nothing is lost.',
    back: 'The queue is back: runs start at once again.',
  },
  model: {
    mode: 'degraded',
    takes: [],
    away: 'The model provider is away: the built-in planner takes its steps, and says so in each run.',
    back: 'The model provider is back.',
  },
  supervisor: {
    mode: 'limited',
    takes: ['agents'],
    away: 'The agents are not ready: questions are answered with the totals of your data alone.',
    back: 'The agents are ready again: questions get their full analysis.',
  },
} as const satisfies Record<Service, Loss>;
