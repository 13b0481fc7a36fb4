import { Inject, Injectable } from '@nestjs/common';
import { UserNotices } from '../../events/user-notices.js';

export interface Progress {
  readonly userId: string;
  readonly importId: string;
  /** Rows read so far, good and bad. */
  readonly rows: number;
  /** 0 to 100; undefined when the size of the file is not known. */
  readonly percent: number | undefined;
  readonly status: 'running' | 'completed' | 'failed';
}

/** Tells the connections of whoever imports how far it is. A hint: what came of it stands in the import. */
@Injectable()
export class ImportProgress {
  constructor(@Inject(UserNotices) private readonly notices: Pick<UserNotices, 'send'>) {}

  tell({ userId, importId, rows, percent, status }: Progress): void {
    this.notices.send(userId, {
      type: 'import_progress',
      import_id: importId,
      rows,
      ...(percent === undefined ? {} : { percent }),
      status,
    });
  }
}
