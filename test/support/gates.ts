import { Controller, Get, HttpCode, Injectable, Param, Post } from '@nestjs/common';
import { Open } from '../../src/auth/open.decorator.js';

interface Gate {
  readonly opened: Promise<void>;
  readonly reached: Promise<void>;
  open(): void;
  reach(): void;
}

/** Points at which scripted agents and tools stand still until the test lets them go on. An open gate stays open. */
@Injectable()
export class Gates {
  private readonly gates = new Map<string, Gate>();

  /** Says that the gate is reached, and waits until it is open. */
  async pass(name: string): Promise<void> {
    const gate = this.gate(name);
    gate.reach();
    await gate.opened;
  }

  reached(name: string): Promise<void> {
    return this.gate(name).reached;
  }

  open(name: string): void {
    this.gate(name).open();
  }

  private gate(name: string): Gate {
    const known = this.gates.get(name);
    if (known !== undefined) return known;
    let open = (): void => undefined;
    let reach = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    const reached = new Promise<void>((resolve) => (reach = resolve));
    const gate = { opened, reached, open, reach };
    this.gates.set(name, gate);
    return gate;
  }
}

/** The same from outside, for a server in a process of its own. */
@Controller('test/gates')
export class GatesController {
  constructor(private readonly gates: Gates) {}

  /** Answers when somebody stands at the gate. */
  @Get(':name')
  @Open()
  async reached(@Param('name') name: string): Promise<{ reached: string }> {
    await this.gates.reached(name);
    return { reached: name };
  }

  @Post(':name')
  @HttpCode(200)
  @Open()
  open(@Param('name') name: string): { opened: string } {
    this.gates.open(name);
    return { opened: name };
  }
}
