// A file of this machine on its way to the gateway, as a stream, with a word now and then of how far it is.
import { createReadStream } from 'node:fs';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { type ApiAnswer, authorizationOf, readAnswer, unreachable, urlOf } from '../api.ts';
import { EXIT, failure } from '../outcome.ts';
import { formatSize } from '../output/size.ts';
import type { Settings } from '../settings.ts';

export interface FileToSend {
  readonly path: string;
  readonly size: number;
}

const TELL_EVERY_MS = 2000;

/** `tell` is called every two seconds. The file may take any time, as long as something moves within --timeout. */
export async function sendFile(
  settings: Settings,
  resource: string,
  { path, size }: FileToSend,
  tell: (progress: string) => void,
): Promise<ApiAnswer> {
  const { gateway, timeoutMs } = settings;
  const url = urlOf(settings, resource);
  const source = createReadStream(path);
  const timer = setInterval(() => {
    const done = source.bytesRead;
    const percent = size === 0 ? 100 : Math.floor((done / size) * 100);
    tell(`${formatSize(done)} of ${formatSize(size)} (${percent} %)`);
  }, TELL_EVERY_MS);
  const headers = { ...authorizationOf(settings), 'Content-Type': 'application/octet-stream', 'Content-Length': size };
  const request = (url.startsWith('https:') ? requestHttps : requestHttp)(url, { method: 'POST', headers });
  const answered = new Promise<ApiAnswer>((resolve) => {
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(readAnswer(gateway, response.statusCode ?? 0, text)));
    });
    request.setTimeout(timeoutMs, () =>
      resolve(failure(EXIT.unreachable, `nothing moved for ${timeoutMs / 1000} s (--timeout)`)),
    );
    request.on('error', (error) => resolve(unreachable(gateway, error)));
    source.on('error', (error) => resolve(failure(EXIT.usage, `${path} cannot be read: ${error.message}`)));
    source.pipe(request);
  });
  return answered.finally(() => {
    clearInterval(timer);
    source.destroy();
    // A refusal may come before all is sent.
    request.destroy();
  });
}
