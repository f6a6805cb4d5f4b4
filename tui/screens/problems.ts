import {
  invalidParams,
  issuesOf,
  type MethodName,
  methods,
  type ParamIssue,
  type Params,
  ProtocolError,
  rpcCodes,
} from "../../protocol/index.ts";

/**
 * The parameters as they are, where the contract takes them.
 * @throws -32602, as the daemon would, before it is asked.
 */
export function checked<M extends MethodName>(method: M, params: Params<M>): Params<M> {
  const { success, error } = methods[method].params.safeParse(params);
  if (!success) throw invalidParams(issuesOf(error));
  return params;
}

/** What is wrong with a form's fields, by the names that the contract gives them. */
export type Problems = Readonly<Record<string, string>>;

/** Which fields a refusal is about; empty where it is about none. */
export function problemsOf(error: Error | null): Problems {
  if (!(error instanceof ProtocolError)) return {};
  if (error.code === rpcCodes.invalidParams) return issueProblems(error.data?.issues);
  switch (error.reason) {
    case "alreadyExists":
      return { username: error.message, name: error.message };
    case "invalidCredentials":
      return { currentPassword: error.message };
    case "passwordRejected":
      return { password: passwordProblems(error) };
    default:
      return {};
  }
}

/** A refusal in one line, without the machine's words where it has some. */
export function messageOf(error: Error): string {
  const issues = error instanceof ProtocolError ? error.data?.issues : undefined;
  if (!Array.isArray(issues) || issues.length === 0) return error.message;
  return (issues as ParamIssue[]).map(({ message }) => message).join("; ");
}

/** The last name in an issue's path is the field: `["changes", "username"]`. */
function issueProblems(issues: unknown): Problems {
  const problems: Record<string, string> = {};
  for (const { path, message } of (issues ?? []) as ParamIssue[]) {
    const field = path.findLast((part) => typeof part === "string");
    if (typeof field !== "string") continue;
    const before = problems[field];
    problems[field] = before ? `${before}; ${message}` : message;
  }
  return problems;
}

function passwordProblems({ data, message }: ProtocolError): string {
  const problems = (data?.problems ?? []) as { message: string }[];
  return problems.map((problem) => problem.message).join("; ") || message;
}
