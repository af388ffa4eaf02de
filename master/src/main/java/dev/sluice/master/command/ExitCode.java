package dev.sluice.master.command;

/** What {@code sluice} ends with; also what a command of {@code -s} ends with. */
public enum ExitCode {
    DONE(0, "done; the configuration is good; the master was stopped"),
    FAILED(1, "the configuration is bad, or the start failed"),
    TIMED_OUT(2, "-s: the outcome did not come in time; convert: partial"),
    ROLLED_BACK(3, "-s reload, upgrade: rolled back, the old workers serve on"),
    NOT_RUNNING(4, "-s: no master runs with this run_directory"),
    USAGE(64, "the command line is wrong");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    public int number() {
        return number;
    }

    /** For the page of {@code -h}. */
    public String meaning() {
        return meaning;
    }

    /** The code with this number, FAILED for an unknown one. */
    public static ExitCode of(int number) {
        for (ExitCode code : values()) {
            if (code.number == number) {
                return code;
            }
        }
        return FAILED;
    }
}
