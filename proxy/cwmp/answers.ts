// What a request of a CPE's is answered with, be it taken or refused. Pure.
import { ACS_METHODS, type AcsResponse } from '../rpc/methods.ts';
import type { EnvelopeStyle } from '../soap/style.ts';
import { writeAcsResponse, writeFault, type WriteOutcome } from '../soap/write-envelope.ts';
import type { ReportMessage } from './session-state.ts';

const METHOD_NOT_SUPPORTED = 8000;
const RESOURCES_EXCEEDED = 8004;
/** A name of the CPE's own making is not repeated at length. */
const LONGEST_NAME = 64;

/** A request of the CPE's that is to be answered. */
export interface Asked {
  readonly message: ReportMessage;
  /** The ID that it came with. */
  readonly id: string | undefined;
}

export const writeAnswer = (style: EnvelopeStyle, { message, id }: Asked): WriteOutcome =>
  writeAcsResponse(style, id, message.method, responseTo(message));

export const writeTooLarge = (style: EnvelopeStyle, { message, id }: Asked): WriteOutcome =>
  refuse(style, id, RESOURCES_EXCEEDED, `${message.method} is larger than what is stored of it`);

export const writeUnknownMethod = (style: EnvelopeStyle, id: string | undefined, name: string): WriteOutcome =>
  refuse(style, id, METHOD_NOT_SUPPORTED, `Method not supported: ${name.slice(0, LONGEST_NAME)}`);

const refuse = (style: EnvelopeStyle, id: string | undefined, FaultCode: number, FaultString: string): WriteOutcome =>
  writeFault(style, id, { FaultCode, FaultString, SetParameterValuesFault: [] });

function responseTo(message: ReportMessage): AcsResponse<ReportMessage['method']> {
  switch (message.method) {
    case 'GetRPCMethods':
      return { MethodList: Object.keys(ACS_METHODS) };
    case 'Kicked':
      // TR-069 A.4.2.1: Next is what we should return in normal conditions.
      return { NextURL: message.value.Next };
    default:
      return {};
  }
}
