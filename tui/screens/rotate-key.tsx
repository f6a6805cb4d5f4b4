import { useState } from "react";
import type { ApiKey } from "../../protocol/index.ts";
import { useNavigation } from "../navigation.ts";
import { ChooseGrace } from "./choose-grace.tsx";
import { Frame, useBody } from "./frame.tsx";
import { SecretOnce, secretBindings } from "./secret-once.tsx";
import { WatchOldKey } from "./watch-old-key.tsx";

/** Where the rotation is. The secret lives in its step only. */
type Step =
  | { name: "grace" }
  | { name: "keep"; secret: string; previous: ApiKey }
  | { name: "watch"; previous: ApiKey };

/** Rotate a key: how long the old one works on, the new secret once, then the old key until it falls silent. */
export function RotateKey({ apiKey }: { apiKey: ApiKey }) {
  const navigation = useNavigation();
  const { columns } = useBody();
  const [step, setStep] = useState<Step>({ name: "grace" });
  const path = ["Users", apiKey.username, "Keys", `Rotate ${apiKey.name}`];

  switch (step.name) {
    case "grace":
      return (
        <ChooseGrace
          apiKey={apiKey}
          path={path}
          onRotated={({ secret, previous }) => setStep({ name: "keep", secret, previous })}
        />
      );
    case "keep": {
      const { previous, secret } = step;
      const ended = previous.status !== "retiring";
      return (
        <Frame path={path} bindings={secretBindings}>
          <SecretOnce
            title={`The new secret of ${apiKey.name}`}
            secret={secret}
            width={columns}
            onKept={() => (ended ? navigation.done() : setStep({ name: "watch", previous }))}
          />
        </Frame>
      );
    }
    case "watch":
      return <WatchOldKey previous={step.previous} path={path} />;
  }
}
