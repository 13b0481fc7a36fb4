import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface SourceProcessOptions {
  readonly parameters?: readonly string[];
  /** Another user to run as; root only. */
  readonly uid?: number;
}

/**
 * Starts a TypeScript file of test/support in a Node process of its own: one that can be killed. Its standard input is a pipe, so that it can
 * end when we do; standard error is shown.
 */
export function startSourceProcess(file: string, { parameters = [], uid }: SourceProcessOptions = {}): ChildProcess {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const loader = new URL('typescript.mjs', import.meta.url).href;
  const flags = ['--conditions=goldenpath-source', '--no-warnings', '--import', loader];
  return spawn(process.execPath, [...flags, path, ...parameters], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
}

/** The next line that a process writes. Throws if it ends before. */
export function nextLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const { stdout } = child;
    if (stdout === null) {
      reject(new Error('The process has no standard output.'));
      return;
    }
    let text = '';
    const read = (chunk: Buffer): void => {
      text += chunk.toString('utf8');
      const end = text.indexOf('\n');
      if (end < 0) return;
      stdout.off('data', read);
      resolve(text.slice(0, end));
    };
    stdout.on('data', read);
    child.once('close', (code) => {
      reject(new Error(`The process ended with ${String(code)} before it said anything.`));
    });
  });
}
