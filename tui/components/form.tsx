import { Box, Text } from "ink";
import { useState } from "react";
import { matches } from "../keymap.ts";
import { useKeys } from "../terminal/keys.tsx";
import { fitWidth, safeText, width as textWidth } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";
import type { DayMeans } from "./date-time.ts";
import { DateTimeField } from "./date-time-field.tsx";
import { MultiSelect, multiSelectRows } from "./multi-select.tsx";
import { type Option, Select } from "./select.tsx";
import { TextField } from "./text-field.tsx";

/** Values by field name: a string, or the chosen values of a multi-select. */
export type FormValues = Record<string, string | readonly string[]>;

/** One labelled field; `name` is the key of its value. */
export type FormField<Values extends FormValues> = {
  readonly name: keyof Values & string;
  readonly label: string;
} & (
  | { readonly kind: "text"; readonly masked?: boolean; readonly placeholder?: string }
  | { readonly kind: "date-time"; readonly day: DayMeans; readonly placeholder?: string }
  | { readonly kind: "select"; readonly options: readonly Option[] }
  /** `rows`: as many options are shown at once. */
  | { readonly kind: "multi-select"; readonly options: readonly Option[]; readonly rows?: number }
);

export interface FormProps<Values extends FormValues> {
  readonly fields: readonly FormField<Values>[];
  readonly initial: Values;
  readonly width: number;
  /** Rows that there are for it: where it takes more, what is above the field with the focus gives way. */
  readonly height?: number;
  /** What is wrong, by field name. */
  readonly problems?: Readonly<Partial<Record<keyof Values, string>>>;
  /** False while a dialog lies over it or its answer is awaited: keys go elsewhere, nothing changes. */
  readonly active?: boolean;
  onChange?(values: Values): void;
  onSubmit(values: Values): void;
  onCancel(): void;
}

/** The marker of the field with the focus and a blank; of a problem `! `. */
const MARKER = 2;

/** Labelled fields, one of them with the focus; Enter submits, Esc cancels. */
export function Form<Values extends FormValues>(props: FormProps<Values>) {
  const { fields, initial, width, height = Number.POSITIVE_INFINITY, problems, active = true } = props;
  const [values, setValues] = useState(initial);
  const [focus, setFocus] = useState(0);
  useKeys(
    (event) => {
      if (matches(event, "submit")) props.onSubmit(values);
      else if (matches(event, "cancel")) props.onCancel();
      else if (matches(event, "nextField")) setFocus((focus + 1) % fields.length);
      else if (matches(event, "previousField")) setFocus((focus + fields.length - 1) % fields.length);
      else return false;
      return true;
    },
    { active },
  );

  const labelWidth = Math.min(24, Math.max(...fields.map((field) => field.label.length)) + 2);
  const change = (name: keyof Values & string, value: string | readonly string[]) => {
    const changed = { ...values, [name]: value };
    setValues(changed);
    props.onChange?.(changed);
  };
  const taken = fields.map((field) => rowsOf(field, problems?.[field.name], width - labelWidth - MARKER));
  const first = firstShown(taken, focus, height);
  return (
    <Box flexDirection="column">
      {fields.map((field, index) => (
        <Field
          key={field.name}
          shown={index >= first}
          field={field}
          value={values[field.name]}
          problem={problems?.[field.name]}
          focused={active && index === focus}
          labelWidth={labelWidth}
          width={width}
          onChange={(value) => change(field.name, value)}
        />
      ))}
    </Box>
  );
}

/** The field to begin with so that the one with the focus is in sight. */
export function firstShown(rows: readonly number[], focus: number, height: number): number {
  const between = (first: number) => rows.slice(first, focus + 1).reduce((sum, taken) => sum + taken, 0);
  let first = 0;
  while (first < focus && between(first) > height) first++;
  return first;
}

function rowsOf<Values extends FormValues>(
  field: FormField<Values>,
  problem: string | undefined,
  cells: number,
): number {
  const forProblem = problem === undefined ? 0 : Math.ceil((textWidth(problem) + MARKER) / cells);
  const own = field.kind === "multi-select" ? multiSelectRows(field.options.length, field.rows) : 1;
  return own + forProblem;
}

interface FieldProps<Values extends FormValues> {
  readonly shown: boolean;
  readonly field: FormField<Values>;
  readonly value: string | readonly string[] | undefined;
  readonly problem: string | undefined;
  readonly focused: boolean;
  readonly labelWidth: number;
  readonly width: number;
  onChange(value: string | readonly string[]): void;
}

function Field<Values extends FormValues>(props: FieldProps<Values>) {
  const { shown, field, problem, focused, labelWidth, width } = props;
  const theme = useTheme();
  const room = width - labelWidth - MARKER;
  return (
    <Box flexDirection="column" display={shown ? "flex" : "none"}>
      <Box>
        <Text {...(focused ? theme.accent : theme.plain)}>
          {`${focused ? theme.marker : " "} ${fitWidth(field.label, labelWidth)}`}
        </Text>
        <FieldInput {...props} width={room} />
      </Box>
      {problem !== undefined && (
        <Box marginLeft={labelWidth + MARKER} width={room}>
          <Text {...theme.danger}>{safeText(`! ${problem}`)}</Text>
        </Box>
      )}
    </Box>
  );
}

function FieldInput<Values extends FormValues>({
  field,
  value,
  focused,
  width,
  onChange,
}: FieldProps<Values>) {
  const common = { focused, width, onChange };
  const text = typeof value === "string" ? value : "";
  if (field.kind === "text") {
    return <TextField {...common} value={text} masked={field.masked} placeholder={field.placeholder} />;
  }
  if (field.kind === "date-time") {
    return <DateTimeField {...common} value={text} day={field.day} placeholder={field.placeholder} />;
  }
  if (field.kind === "select") return <Select {...common} options={field.options} value={text} />;
  return (
    <MultiSelect
      {...common}
      options={field.options}
      values={Array.isArray(value) ? value : []}
      height={field.rows}
    />
  );
}
