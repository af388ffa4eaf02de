# What the scripts of this folder share. Sourced by them, after `here`; each has `dir`, a folder of
# its own, and `pid`, an associative array of what it has started.

distribution=$here/../target/sluice
loads=()

say() { printf '%s\n' "$*" >&2; }
fail() { say "$(basename "$0"): $*"; exit 1; }

free_port() {
    local candidate
    while :; do
        candidate=$((20000 + RANDOM % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null || { echo $candidate; return; }
    done
}

# The process and all below it, one id a line.
family() {
    local child
    echo "$1"
    for child in $(cat /proc/"$1"/task/*/children 2>/dev/null); do family "$child"; done
}

# Ticks of user and system time that the family has used.
cpu() {
    local id user=0 system=0 fields
    for id in $(family "$1"); do
        fields=$(sed 's/.*) //' /proc/"$id"/stat)
        # shellcheck disable=SC2086  # split into words
        set -- $fields
        user=$((user + ${12})) system=$((system + ${13}))
    done
    echo "$user $system"
}

# Kilobytes of proportional set size of the family.
pss() {
    local id total=0
    for id in $(family "$1"); do
        total=$((total + $(awk '/^Pss:/ {print $2}' /proc/"$id"/smaps_rollup)))
    done
    echo $total
}

# The worker is the child that a request is served by.
worker_of() { family "$1" | tail -n 1; }

await_port() {
    local tries=0
    until (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; do
        tries=$((tries + 1))
        [ $tries -lt 200 ] || { tail -n 20 "$dir"/*.out "$dir"/*error.log >&2; fail "no $2"; }
        sleep 0.1
    done
}

# Ends what was started, and nothing else.
stop_all() {
    local name load
    for load in ${loads[@]+"${loads[@]}"}; do kill "$load" 2>/dev/null || true; done
    for name in "${!pid[@]}"; do kill "${pid[$name]}" 2>/dev/null || true; done
    for name in "${!pid[@]}"; do wait "${pid[$name]}" 2>/dev/null || true; done
    rm -rf "$dir"
}

# The median of a column.
median() {
    awk -v c="$2" '{print $c}' "$1" | sort -g |
        awk '{v[NR] = $1} END {print (v[int((NR + 1) / 2)] + v[int((NR + 2) / 2)]) / 2}'
}

# Bytes that a garbage collection leaves on the heap.
live_bytes() {
    "$distribution/runtime/bin/jcmd" "$1" GC.class_histogram | awk '/^Total/ {print $3}'
}
