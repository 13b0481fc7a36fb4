import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Asks the person at the terminal, or reads the answers from a pipe. */
export class Prompt {
  private isMuted = false;
  private readonly output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (!this.isMuted) process.stdout.write(chunk);
      done();
    },
  });
  private readonly lines = createInterface({
    input: process.stdin,
    output: this.output,
    terminal: process.stdin.isTTY,
  });
  private readonly answers = this.lines[Symbol.asyncIterator]();

  /** Called at Ctrl-C, whether a question is open or not. */
  onInterrupt(listener: () => void): void {
    // On a terminal readline takes the key; elsewhere the signal comes.
    this.lines.on('SIGINT', listener);
    process.on('SIGINT', listener);
  }

  /** The line that was typed, or undefined at the end of the input. */
  async ask(question: string): Promise<string | undefined> {
    this.lines.setPrompt(question);
    this.lines.prompt();
    const line: IteratorResult<string, unknown> = await this.answers.next();
    return line.done === true ? undefined : line.value;
  }

  /** The same, without showing what is typed. */
  async askSecretly(question: string): Promise<string | undefined> {
    process.stdout.write(question);
    this.isMuted = true;
    try {
      return await this.ask('');
    } finally {
      this.isMuted = false;
      process.stdout.write('\n');
    }
  }

  close(): void {
    this.lines.close();
  }
}
