// All commands, in the order in which help shows them.
import type { Entry } from './command.ts';
import { credentials } from './credentials.ts';
import { devices } from './devices.ts';
import { doctor } from './doctor.ts';
import { enrol, enrolled, revoke } from './enrol.ts';
import { files } from './files/files.ts';
import { map } from './map/map.ts';
import { release } from './release.ts';
import { request } from './request.ts';
import { requests } from './requests.ts';
import { start } from './start.ts';
import { download } from './transfers/download.ts';
import { template } from './template.ts';
import { transfers } from './transfers/transfers.ts';
import { upload } from './transfers/upload.ts';
import { usp } from './usp/usp.ts';

export const COMMANDS: readonly Entry[] = [
  ...[start, devices, doctor, requests, request],
  ...[transfers, download, upload, files],
  ...[enrol, enrolled, revoke, release, credentials],
  template,
  map,
  usp,
];
