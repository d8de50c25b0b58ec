// How long the Agent waits before it tries a Controller again, by TR-369's one back-off formula: of an MTP, of a Session Context.
import { parameter, UNSIGNED, within } from '../definition.ts';

export const RETRY_PARAMETERS = [
  parameter('SessionRetryMinimumWaitInterval', {
    access: 'readWrite',
    type: UNSIGNED,
    initial: '5',
    check: within(1, 65_535),
  }),
  parameter('SessionRetryIntervalMultiplier', {
    access: 'readWrite',
    type: UNSIGNED,
    initial: '2000',
    check: within(1000, 65_535),
  }),
] as const;
