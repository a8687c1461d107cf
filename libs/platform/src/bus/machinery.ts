import { isConnectionLoss } from '../log/storage.js';
import { Overloaded } from '../log/work.js';

/** Insufficient resources, trouble of the server's system, deadlock and serialisation: the event is not to blame. */
const NOT_THE_EVENT = /^(53|58|40001$|40P01$|ETIMEDOUT|EHOST|ENET|EAI_)/u;

/** Whether it is a fault that any event would have met: such a one is waited out and parks nothing. */
export const isMachinery = (error: unknown): boolean =>
  error instanceof Overloaded || isConnectionLoss(error) || NOT_THE_EVENT.test((error as { code?: string } | null)?.code ?? '');
