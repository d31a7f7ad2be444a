import type { Principal } from '../authenticate/principal.ts';
import type { Call } from '../directory/call.ts';

/** Who asks, and under which id the request is found in logs. */
export interface Request {
  readonly principal: Principal;
  readonly requestId: string;
}

export const callOf = ({ principal, requestId }: Request, action: string, subject: string): Call => ({
  ...{ principal: principal.name, requestId, action, subject },
});
