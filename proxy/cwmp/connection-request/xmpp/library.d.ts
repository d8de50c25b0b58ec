// What is used here of @xmpp/client, which brings no types of its own.
declare module '@xmpp/client' {
  import type { EventEmitter } from 'node:events';
  import type { Socket as NetSocket } from 'node:net';

  export interface Element {
    readonly name: string;
    readonly attrs: Readonly<Record<string, string | undefined>>;
    is(name: string, xmlns?: string): boolean;
    getChild(name: string, xmlns?: string): Element | undefined;
    getChildElements(): readonly Element[];
    getChildText(name: string, xmlns?: string): string | null;
  }

  export function xml(
    name: string,
    attributes: Readonly<Record<string, string>>,
    ...children: readonly (Element | string)[]
  ): Element;

  /** A TCP socket, or the library's own shell around a TLS one. */
  export interface Socket extends EventEmitter {
    readonly socket?: NetSocket | null;
  }

  type Authenticate = (
    credentials: { readonly username: string; readonly password: string },
    mechanism: string,
    userAgent: Element,
  ) => Promise<void>;

  export interface ClientOptions {
    /** `xmpp://host:port` (STARTTLS where it is offered), or `xmpps://host:port`. */
    readonly service: string;
    readonly domain: string;
    readonly resource: string;
    /** For each answer of the server, in milliseconds. */
    readonly timeout?: number;
    /** Called when the server asks who we are. */
    readonly credentials: (
      authenticate: Authenticate,
      mechanisms: readonly string[],
      fast: unknown,
      entity: Client,
    ) => Promise<void>;
  }

  export interface IqContext {
    readonly stanza: Element;
    /** The query itself. */
    readonly element: Element;
  }

  export interface Client extends EventEmitter {
    readonly jid: { toString(): string } | null;
    readonly socket: NetSocket | Socket | null;
    readonly status: string;
    /** For each answer of the server, in milliseconds. */
    timeout: number;
    readonly reconnect: EventEmitter & { reconnect(): Promise<void>; stop(): void };
    readonly iqCallee: {
      /** What the handler returns is the answer; true: an empty one. */
      get(xmlns: string, name: string, handler: (context: IqContext) => Element | true | Promise<Element | true>): void;
    };
    /** Hands what came to the parser; throws what a listener throws. */
    _onData: (data: Uint8Array) => void;
    isSecure(): boolean;
    stop(): Promise<unknown>;
    send(element: Element): Promise<void>;
  }

  export function client(options: ClientOptions): Client;
}
