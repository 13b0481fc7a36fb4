import { hasSystemCode } from './system-code.js';

/** Whether a process with this id runs. EPERM: it does, and is another user's. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return hasSystemCode(error, 'EPERM');
  }
}
