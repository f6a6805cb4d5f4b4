import { Box } from "ink";
import { expect, it } from "vitest";
import { Banner } from "../../../tui/components/banner.tsx";
import { Confirm } from "../../../tui/components/confirm.tsx";
import { Form } from "../../../tui/components/form.tsx";
import { Header } from "../../../tui/components/header.tsx";
import { MultiSelect } from "../../../tui/components/multi-select.tsx";
import { Notice } from "../../../tui/components/notice.tsx";
import { Select } from "../../../tui/components/select.tsx";
import { Table } from "../../../tui/components/table.tsx";
import { Tabs } from "../../../tui/components/tabs.tsx";
import { TextField } from "../../../tui/components/text-field.tsx";
import { HOSTILE } from "../terminal/hostile-text.ts";
import { show } from "./harness.tsx";

const nothing = () => {};

/** Every component, with the same text in every place that takes one. */
function everything(text: string) {
  const options = [{ value: text, label: text }];
  return (
    <Box flexDirection="column">
      <Header path={[text]} target={text} user={text} connection="live" width={80} />
      <Banner text={text} width={80} />
      <Notice notice={{ text, tone: "danger" }} width={80} />
      <Tabs tabs={[{ id: "one", label: text }]} current="one" onChange={nothing} />
      <Table
        columns={[{ id: "a", title: text, width: 30, priority: 1, cell: () => text }]}
        rows={[text]}
        offset={0}
        selected={0}
        width={60}
        height={1}
      />
      <Table columns={[]} rows={[]} offset={0} selected={0} width={60} height={1} empty={text} />
      <Select options={options} value={text} onChange={nothing} focused={false} width={40} />
      <MultiSelect options={options} values={[text]} onChange={nothing} focused={false} width={40} />
      <TextField value={text} onChange={nothing} focused={false} width={40} />
      <TextField value="" onChange={nothing} focused={false} width={40} placeholder={text} />
      <Form
        fields={[{ name: "field", label: text, kind: "text", placeholder: text }]}
        initial={{ field: text }}
        problems={{ field: text }}
        width={70}
        onSubmit={nothing}
        onCancel={nothing}
      />
      <Confirm
        question={text}
        consequences={[text]}
        deed={text}
        typed={text}
        width={60}
        onConfirm={nothing}
        onCancel={nothing}
      />
    </Box>
  );
}

it.each(HOSTILE)("no component lets %s through to the terminal", (_what, text) => {
  const frame = show(everything(text), { rows: 60 }).frame();
  expect(frame).not.toMatch(
    /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\u2028\u2029\ufeff]/,
  );
});
