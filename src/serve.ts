import 'reflect-metadata';
import { ConfigurationError } from './config/configuration-error.js';
import { loadConfiguration } from './config/load-configuration.js';
import { createApplication, type Application } from './create-application.js';
import { StartupError } from './persistence/startup-error.js';
import type { StopSignals } from './stop-signals.js';
import { Logger } from './telemetry/logger.js';

/** sysexits.h: the configuration is wrong. */
const EXIT_CONFIGURATION = 78;

/** The server from its start to its end; answers the exit code. */
export async function serve(signals: StopSignals): Promise<number> {
  let application: Application | undefined;
  try {
    const configuration = loadConfiguration();
    signals.graceMs = configuration.time.shutdownGraceMs;
    surviveStrayRejections(new Logger(configuration.logLevel));
    application = await createApplication(configuration);
    if (!(await startUnlessStopped(application, signals))) return 0;
    process.stdout.write(`Goldenpath ${configuration.version} is ready at ${application.url()}\n`);
    await application.stop(await signals.first);
    return 0;
  } catch (error) {
    const code = report(error);
    // What was started goes with us: the embedded database would live on.
    await application?.abandon();
    return code;
  }
}

/** A promise that somebody's agent or tool forgot must not end the runs of everybody else. */
function surviveStrayRejections(logger: Logger): void {
  process.on('unhandledRejection', (error) => logger.error('unhandled_rejection', { error }));
}

/** Whether it started. One that is told to stop before lets go of everything, and what then goes wrong in its start is nobody's concern. */
async function startUnlessStopped(application: Application, signals: StopSignals): Promise<boolean> {
  if (!signals.isStopping) {
    const started = application.start().then(() => true);
    const stopped = signals.first.then(() => false);
    const isStarted = await Promise.race([started, stopped]).catch((error: unknown) => {
      if (!signals.isStopping) throw error;
      return false;
    });
    if (isStarted) return true;
    started.catch(() => undefined);
  }
  await application.abandon().catch(() => undefined);
  return false;
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
