#!/usr/bin/env bash
# Usage: cmake/run-gate.sh COMMAND...   runs it, then says what its exit code means: make itself ends with 2
# whatever the code of a command was.
trap : INT
"$@"
code=$?
case $code in
  0) meaning="every verdict is the expected one" ;;
  1) meaning="a claim did not get the verdict that is expected of it" ;;
  2) meaning="a claim is unresolved: the replicas did not suffice" ;;
  3) meaning="an experiment ended with an error, or a file or stream could not be written" ;;
  4) meaning="wrong usage, or nothing was selected" ;;
  5) meaning="the gate's test of itself failed" ;;
  130) meaning="interrupted: the report is partial" ;;
  *) meaning="not a code of the gate: the program was ended from outside or crashed" ;;
esac
echo "gate: exit code $code: $meaning"
exit $code
