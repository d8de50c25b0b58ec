// For Agents that fetch nothing.
import type { Images } from '../../../proxy/agent/firmware/images.ts';

const unexpected = (): Promise<never> => Promise.reject(new Error('no image was expected'));

export const noImages = (): Images => ({
  refusal: () => 'nothing is allowed',
  fetch: unexpected,
  offer: unexpected,
  leave: unexpected,
});
