import { useState } from "react";
import { lackedFor, type Needs } from "../access.ts";
import type { NoticeText } from "../components/notice.tsx";
import { type BindingId, keymap, matches } from "../keymap.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import { useSessionSnapshot } from "../use-session.ts";

export interface Offered {
  /** The keys that this caller may use. */
  offered: readonly BindingId[];
  /** Why the last key did nothing. */
  refusal: NoticeText | null;
  /** Whether the key is one that this caller may not use. */
  refuse(event: InputEvent): boolean;
}

export interface OfferedOptions {
  readonly bindings: readonly BindingId[];
  readonly needs?: Needs;
  readonly about?: string | undefined;
}

/** Holds the keys of a screen against what the caller may do. */
export function useOffered({ bindings, needs = {}, about }: OfferedOptions): Offered {
  const { principal } = useSessionSnapshot();
  const [refusal, setRefusal] = useState<NoticeText | null>(null);

  function lacked(id: BindingId): string[] {
    const method = needs[id];
    return method ? lackedFor(principal, method, about) : [];
  }

  function refuse(event: InputEvent): boolean {
    const id = bindings.find((each) => matches(event, each));
    const permissions = id ? lacked(id) : [];
    const refused = id !== undefined && permissions.length > 0;
    setRefusal(refused ? refusalOf(id, permissions) : null);
    return refused;
  }

  return { offered: bindings.filter((id) => lacked(id).length === 0), refusal, refuse };
}

function refusalOf(id: BindingId, permissions: readonly string[]): NoticeText {
  const { keys, help } = keymap[id];
  return {
    text: `${keys[0]} (${help}) needs ${permissions.join(" and ")}, which you do not hold`,
    tone: "warning",
  };
}
