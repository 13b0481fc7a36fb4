/** The environment is not valid. `problems` has one line for each variable that is wrong; the process exits with 78 (EX_CONFIG). */
export class ConfigurationError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`Invalid configuration:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigurationError';
  }
}
