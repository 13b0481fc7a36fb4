/**
 * Makes a checkout ready to run, quickly when it is: installs what the lock file names and is missing, builds what is older than its sources.
 * Asks nothing. Standard output stays free for the command that comes next. A program named as its argument, from the root of the checkout, then
 * runs in this same process.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Written after a build: tsc leaves the times of files alone that it would not change. */
const stamp = join(root, 'dist', '.built');
const isStart = process.env.npm_lifecycle_event === 'start';

if (!isInstalled({ withDevelopment: false })) install();
const libraries = existsSync(join(root, 'libs')) ? readdirSync(join(root, 'libs')) : [];
const mustBuild = isStale();
// An image may lack the development packages: npm start with a fresh build doesn't need them.
if ((mustBuild || !isStart) && !isInstalled({ withDevelopment: true })) install();
if (mustBuild) build();
const [node, , program, ...parameters] = process.argv;
if (program !== undefined) {
  const path = join(root, program);
  process.argv = [node, path, ...parameters];
  stopWithParent();
  await import(pathToFileURL(path).href);
}

/**
 * npm stops what it started by a signal to the shell in between, which dies without passing it on. Whoever loses its parent that way was told
 * to stop.
 */
function stopWithParent() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    process.kill(process.pid, 'SIGTERM');
  }, 200);
  look.unref();
}

/** By what is there, not by dates: a copy of a checkout has them in any order. */
function isInstalled({ withDevelopment }) {
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  const wanted = readPackages(join(root, 'package-lock.json'));
  if (installed === undefined || wanted === undefined) return installed !== undefined;
  return Object.entries(wanted).every(([path, { version, link, optional, devOptional, dev }]) => {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) return true;
    const found = installed[path];
    if (found === undefined) return optional === true || (!withDevelopment && (dev === true || devOptional === true));
    return link === true || found.version === version;
  });
}

function readPackages(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined;
}

function isStale() {
  const sources = [join(root, 'src'), ...libraries.map((name) => join(root, 'libs', name, 'src'))];
  if (!sources.every((folder) => existsSync(folder))) return !existsSync(join(root, 'dist', 'main.js'));
  if (!existsSync(stamp) || hasLostOutput()) return true;
  const configurations = [root, ...libraries.map((name) => join(root, 'libs', name))].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /^tsconfig.*\.json$/.test(name))
      .map((name) => join(folder, name)),
  );
  const builtMs = statSync(stamp).mtimeMs;
  return [...configurations, ...sources.flatMap(sourceFiles)].some((path) => statSync(path).mtimeMs > builtMs);
}

function sourceFiles(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
    .map((name) => join(folder, name));
}

/** What somebody removed by hand, tsc takes for built: its record of a library lies beside the folder, not in it. */
function hasLostOutput() {
  return ![join(root, 'dist'), ...libraries.map((name) => join(root, 'libs', name, 'dist'))].every((folder) =>
    existsSync(folder),
  );
}

/**
 * npm ci refuses a lock file without the packages of other platforms, which is what npm writes when the registry lacks one of them; npm install
 * takes the same versions from the same file, and leaves it as it is.
 */
function install() {
  say('Installing packages (npm ci) ...');
  const flags = ['--no-audit', '--no-fund', '--loglevel=error'];
  if (runNpm(['ci', ...flags], 'ignore') === 0) return;
  say('npm ci refuses; installing with npm install ...');
  orExit(runNpm(['install', '--no-save', ...flags]));
}

function build() {
  say('Building ...');
  const startedAt = new Date();
  orExit(runNpm(['run', '--silent', 'build', ...(hasLostOutput() ? ['--', '--force'] : [])]));
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stamp, '');
  // What was changed while the build ran is newer than this.
  utimesSync(stamp, startedAt, startedAt);
}

/** npm's exit code. Its output goes where our messages go, or nowhere. */
function runNpm(parameters, output = 2) {
  const script = process.env.npm_execpath;
  const [program, first] = script === undefined ? ['npm', []] : [process.execPath, [script]];
  const { status, error } = spawnSync(program, [...first, ...parameters], {
    cwd: root,
    stdio: ['ignore', output, output],
    shell: script === undefined && process.platform === 'win32',
  });
  if (error !== undefined) say(`npm can't be run: ${error.message}`);
  return status ?? 1;
}

function orExit(status) {
  if (status !== 0) process.exit(status);
}

function say(line) {
  console.error(line);
}
