/** The least that a program in a terminal does. */
process.stdout.write("0 users\n");
process.stdin.resume();
