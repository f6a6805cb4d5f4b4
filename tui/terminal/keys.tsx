import { createContext, type ReactNode, useContext, useLayoutEffect, useRef, useState } from "react";
import type { InputEvent } from "./input-events.ts";

/** Says whether it used the event up; what it leaves goes to the layer below. */
export type KeyHandler = (event: InputEvent) => boolean;

/** Where key events come from: the terminal, or a test. */
export interface KeySource {
  subscribe(listener: (event: InputEvent) => void): () => void;
}

interface Layer {
  readonly order: number;
  handle: KeyHandler;
}

class KeyLayers {
  #layers: Layer[] = [];
  #nextOrder = 0;

  takeOrder(): number {
    return this.#nextOrder++;
  }

  add(layer: Layer): () => void {
    this.#layers = [...this.#layers, layer].sort((a, b) => b.order - a.order);
    return () => {
      this.#layers = this.#layers.filter((other) => other !== layer);
    };
  }

  deliver(event: InputEvent): void {
    this.#layers.some((layer) => layer.handle(event));
  }
}

const Layers = createContext<KeyLayers | undefined>(undefined);
const Hearing = createContext(true);

/** Silences every handler below it while it is not active: a screen under another one, or behind a dialog. */
export function KeyScope({ active, children }: { active: boolean; children: ReactNode }) {
  const outer = useContext(Hearing);
  return <Hearing value={outer && active}>{children}</Hearing>;
}

/** Hands the events of `source` to the handlers that `useKeys` registers below it. */
export function KeyProvider({ source, children }: { source: KeySource; children: ReactNode }) {
  const [layers] = useState(() => new KeyLayers());
  useLayoutEffect(() => source.subscribe((event) => layers.deliver(event)), [source, layers]);
  return <Layers value={layers}>{children}</Layers>;
}

/**
 * Registers a key handler. The component that was mounted last is asked first, and one drawn inside another before
 * that one, so dialogs come before screens and fields before dialogs. An inactive handler is passed over.
 */
export function useKeys(handler: KeyHandler, { active = true }: { active?: boolean } = {}): void {
  const layers = useContext(Layers);
  const hearing = useContext(Hearing);
  if (!layers) throw new Error("useKeys needs a KeyProvider above it");
  const [order] = useState(() => layers.takeOrder());
  const latest = useRef(handler);
  useLayoutEffect(() => {
    latest.current = handler;
  });
  useLayoutEffect(() => {
    if (!active || !hearing) return;
    return layers.add({ order, handle: (event) => latest.current(event) });
  }, [layers, order, active, hearing]);
}
