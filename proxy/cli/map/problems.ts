// Rule files that do not follow their format, or contradict the standard, as a failure that names file and line.
import { CausewayError } from '../../errors.ts';
import { EXIT, failure, type Result, success } from '../outcome.ts';

export async function withoutProblems<T>(work: () => T | Promise<T>): Promise<Result<T>> {
  try {
    return success(await work());
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'CAUSEWAY_MAPPING_INVALID') {
      return failure(EXIT.partly, error.message);
    }
    throw error;
  }
}
