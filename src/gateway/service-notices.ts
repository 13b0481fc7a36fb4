import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Lifecycle } from '../monitor/lifecycle.js';
import { LOSSES, type Mode, type Service } from '../monitor/services.js';
import { ConnectionManager } from './connection-manager.js';

/** Tells connected clients which services are away, and when they are back: on the connections they have. */
@Injectable()
export class ServiceNotices implements OnModuleInit, OnApplicationShutdown {
  private stopListening: () => void = () => undefined;

  constructor(
    private readonly lifecycle: Lifecycle,
    private readonly manager: ConnectionManager,
  ) {}

  onModuleInit(): void {
    this.stopListening = this.lifecycle.onServiceChange((service, mode) => this.tell(service, mode));
  }

  onApplicationShutdown(): void {
    this.stopListening();
  }

  private tell(service: Service, mode: Mode): void {
    const { away, back } = LOSSES[service];
    for (const connection of this.manager.all()) {
      if (!connection.isServing) continue;
      connection.send({
        type: mode === 'full' ? 'service_recovered' : 'service_degraded',
        service,
        mode: this.lifecycle.mode,
        message:
          mode === 'full' ? back : mode === LOSSES[service].mode ? away : `${service} is not ready; it is tried again.`,
        capabilities: [...this.lifecycle.capabilities],
      });
    }
  }
}
