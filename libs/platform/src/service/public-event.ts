/** A public event: CloudEvents 1.0 in its JSON form, with Concord's extension attributes. */
export interface PublicEvent<Data = unknown> {
  readonly specversion: '1.0';
  /** `<stream>/<version>`: unique together with the source, so that consumers can tell copies. */
  readonly id: string;
  /** `/concord/<context>` */
  readonly source: string;
  /** `concord.<context>.<EventKind>` */
  readonly type: string;
  /** Id of the aggregate. */
  readonly subject: string;
  /** Business time. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  /** `concord:/schemas/<type>/<version>`: CloudEvents wants a URI. */
  readonly dataschema: string;
  /** Stream version of this event, and of the event published before it (0: none). */
  readonly sequence: number;
  readonly previous: number;
  readonly correlationid: string;
  readonly causationid?: string;
  readonly traceparent?: string;
  /** Opaque id of the person who acted, and the organisation acted for. */
  readonly person?: string;
  readonly organisation?: string;
  readonly data: Data;
  /**
   * Why the bus could not read the message it came in, or does not know its kind. Listeners park such an event and everything later of
   * the same subject, and never look at its data. A negative sequence: nothing in the message tells which version it might be.
   */
  readonly unreadable?: string;
}
