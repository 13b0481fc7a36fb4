import { isClientFrameType, type ClientFrameType } from './client-frames.js';

/** Older names of frame types, mapped before routing. */
export const TYPE_ALIASES = {
  chat: 'user_message',
  chat_message: 'user_message',
  user: 'user_message',
  user_input: 'user_message',
  message: 'user_message',
  ai_request: 'user_message',
  start_agent: 'user_message',
  agent_request: 'user_message',
  execute_agent: 'user_message',
  agent: 'user_message',
  stop_agent: 'cancel_run',
} as const satisfies Record<string, ClientFrameType>;

const AGENT_ALIASES: readonly string[] = ['start_agent', 'agent_request', 'execute_agent', 'agent'];
const TEXT_FIELDS = ['text', 'message', 'content', 'user_request'] as const;
const AGENT_FIELDS = ['agent', 'agent_name', 'agent_type'] as const;
const ENVELOPES = ['payload', 'data'] as const;
/** What else of a frame older clients put into an envelope. */
const WRAPPED_FIELDS: Partial<Record<ClientFrameType, readonly string[]>> = {
  user_message: ['thread_id', 'message_id', 'if_busy', 'priority'],
  cancel_run: ['run_id'],
};

type Fields = Record<string, unknown>;

function isAlias(type: string): type is keyof typeof TYPE_ALIASES {
  return Object.hasOwn(TYPE_ALIASES, type);
}

/** A field that is null is as good as none. */
function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? (fields[name] ?? undefined) : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The root first, then the envelopes older clients wrap their fields in. */
function places(frame: Fields): Fields[] {
  return [frame, ...ENVELOPES.map((name) => own(frame, name)).filter(isFields)];
}

function firstString(frame: Fields, names: readonly string[]): string | undefined {
  for (const place of places(frame)) {
    for (const name of names) {
      const value = own(place, name);
      if (typeof value === 'string') return value;
    }
  }
  return undefined;
}

/**
 * Maps aliases of types to the real ones, and gives a user_message its `text` (and for the agent aliases its `agent`)
 * and its ids, and a cancel_run its `run_id`, from wherever older clients put them. A field that is there under its own
 * name is never replaced, so that a wrong one is refused and not papered over. Pure: the frame given is not changed;
 * without anything to map, it is returned.
 */
export function normaliseFrame(frame: Fields): Fields {
  const given = own(frame, 'type');
  if (typeof given !== 'string') return frame;
  const type = isAlias(given) ? TYPE_ALIASES[given] : given;

  const found: Fields = {};
  if (type !== given) found.type = type;
  if (type === 'user_message') {
    if (own(frame, 'text') === undefined) found.text = firstString(frame, TEXT_FIELDS);
    if (AGENT_ALIASES.includes(given) && own(frame, 'agent') === undefined) {
      found.agent = firstString(frame, AGENT_FIELDS);
    }
  }
  if (isClientFrameType(type)) {
    for (const name of WRAPPED_FIELDS[type] ?? []) {
      if (own(frame, name) === undefined) found[name] = firstString(frame, [name]);
    }
  }
  const changes = Object.entries(found).filter(([, value]) => value !== undefined);
  return changes.length === 0 ? frame : { ...frame, ...Object.fromEntries(changes) };
}
