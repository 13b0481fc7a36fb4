import 'reflect-metadata';
import { ConfigurationError } from './config/configuration-error.js';
import { loadConfiguration } from './config/load-configuration.js';
import { createApplication, type Application } from './create-application.js';
import { StartupError } from './persistence/startup-error.js';

/** sysexits.h: the configuration is wrong. */
const EXIT_CONFIGURATION = 78;

let application: Application | undefined;
try {
  const configuration = loadConfiguration();
  application = await createApplication(configuration);
  stopOnSignals(application, configuration.time.shutdownGraceMs);
  await application.start();
  process.stdout.write(`Goldenpath ${configuration.version} is ready at ${application.url()}\n`);
} catch (error) {
  const code = report(error);
  // What was started goes with us: the embedded database would live on.
  await application?.abandon();
  process.exit(code);
}

/** SIGTERM and Ctrl-C drain once; a second signal or the end of the grace period ends the process at once. */
function stopOnSignals(application: Application, graceMs: number): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), graceMs).unref();
    application.stop(signal).then(
      () => process.exit(0),
      (error: unknown) => process.exit(report(error)),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function report(error: unknown): number {
  if (error instanceof ConfigurationError) {
    process.stderr.write(`${error.problems.join('\n')}\n`);
    return EXIT_CONFIGURATION;
  }
  process.stderr.write(
    error instanceof StartupError
      ? `${error.message}\n`
      : `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return 1;
}
