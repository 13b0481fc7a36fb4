import { readdirSync, readFileSync } from 'node:fs';

/** What /proc counts in, on every machine. */
const TICK_MS = 10;
/** Of the fields behind the name in /proc/<pid>/stat. */
const PARENT = 1;
const USER_AND_SYSTEM = [11, 12];
const OF_CHILDREN_THAT_ENDED = [13, 14];

/** The CPU time so far of the embedded PostgreSQL whose data is below `folder`; undefined without one, and where there is no /proc. */
export function postgresCpuMs(folder: string): number | undefined {
  const processes = processIds().flatMap((id) => {
    const [stat, command] = [read(`/proc/${id}/stat`), read(`/proc/${id}/cmdline`)];
    return stat === undefined ? [] : [{ id, command, fields: stat.slice(stat.lastIndexOf(')') + 2).split(' ') }];
  });
  const postmaster = processes.find(
    ({ command }) => command?.includes('postgres') && command.includes(`-D\0${folder}`),
  );
  if (postmaster === undefined) return undefined;
  const ticks = (fields: readonly string[], which: readonly number[]) =>
    which.reduce((sum, index) => sum + Number(fields[index]), 0);
  const children = processes.filter(({ fields }) => fields[PARENT] === postmaster.id);
  return (
    TICK_MS *
    children.reduce(
      (sum, { fields }) => sum + ticks(fields, USER_AND_SYSTEM),
      ticks(postmaster.fields, [...USER_AND_SYSTEM, ...OF_CHILDREN_THAT_ENDED]),
    )
  );
}

function processIds(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
