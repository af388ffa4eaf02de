package dev.sluice.master.system;

/** How a child ended, as waitpid(2) tells it. */
public record ExitStatus(int raw) {

    /** Used when the status was lost, which only a bug or a debugger can cause. */
    public static final ExitStatus UNKNOWN = new ExitStatus(0x7f00);

    public boolean signalled() {
        return (raw & 0x7f) != 0;
    }

    public int signal() {
        return raw & 0x7f;
    }

    public int code() {
        return (raw >> 8) & 0xff;
    }

    /** True for a child that ended by itself and content. */
    public boolean clean() {
        return raw == 0;
    }

    /** "exited with code 1" or "was killed by signal 9 (KILL)". */
    public String words() {
        if (!signalled()) {
            return "exited with code " + code();
        }
        String dumped = (raw & 0x80) != 0 ? ", core dumped" : "";
        return "was killed by signal " + signal() + " (" + name(signal()) + ")" + dumped;
    }

    private static String name(int signal) {
        return switch (signal) {
            case 1 -> "HUP";
            case 2 -> "INT";
            case 3 -> "QUIT";
            case 4 -> "ILL";
            case 6 -> "ABRT";
            case 7 -> "BUS";
            case 8 -> "FPE";
            case 9 -> "KILL";
            case 11 -> "SEGV";
            case 13 -> "PIPE";
            case 15 -> "TERM";
            case 24 -> "XCPU";
            case 31 -> "SYS";
            default -> "number " + signal;
        };
    }
}
