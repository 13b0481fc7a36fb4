/** A listener that throws throws into whoever told it, as in any event emitter. */
export class Listeners<T> {
  private readonly listeners = new Set<(value: T) => void>();

  /** The function returned takes the listener away. */
  add(listener: (value: T) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  tell(value: T): void {
    for (const listener of this.listeners) listener(value);
  }
}
