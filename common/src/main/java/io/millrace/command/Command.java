package io.millrace.command;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One command, or one subcommand such as XGROUP CREATE. Immutable and thread-safe.
 *
 * <p>Methods that take {@code argv} expect the whole command with its name at index 0 (and the subcommand at 1).
 */
public final class Command {

    private static final int[] NO_KEYS = {};

    private final String name;
    private final byte[] word;
    private final int arity;
    private final Set<CommandFlag> flags;
    private final List<KeySpec> keySpecs;
    private final MovableKeys movable;
    private final Effects effects;
    private final boolean listed;
    private final boolean write;
    private final boolean exact;
    private final int onlyKey;
    private final NameIndex subcommands;
    private final Collection<Command> children;

    /** @param effects null for a command that {@code effects.tsv} does not list */
    Command(
            String name,
            int arity,
            Set<CommandFlag> flags,
            List<KeySpec> keySpecs,
            Effects effects,
            Collection<Command> children) {
        this.name = name;
        this.word = Ascii.bytes(name.substring(name.indexOf(' ') + 1));
        this.arity = arity;
        this.flags = flags.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(flags));
        this.keySpecs = List.copyOf(keySpecs);
        this.movable = MovableKeys.BY_NAME.get(name);
        this.listed = effects != null;
        this.write = flags.contains(CommandFlag.WRITE);
        this.exact = movable != null
                || (keySpecs.stream().allMatch(KeySpec::isExact)
                        && !(keySpecs.isEmpty() && flags.contains(CommandFlag.MOVABLEKEYS)));
        this.effects = effects != null ? effects : defaultEffects();
        this.onlyKey = onlyKey();
        this.children = List.copyOf(children);
        this.subcommands = children.isEmpty() ? null : new NameIndex(children);
    }

    private Effects defaultEffects() {
        if (write) {
            return Effects.OF_UNKNOWN_WRITE;
        }
        return keySpecs.isEmpty() ? Effects.OF_SERVER : Effects.OF_READ;
    }

    private int onlyKey() {
        if (movable != null || keySpecs.size() != 1) {
            return -1;
        }
        KeySpec spec = keySpecs.get(0);
        boolean one = spec.how() == KeySpec.How.RANGE && spec.keyword() == null && spec.a() == 0 && spec.isKey();
        return one ? spec.start() : -1;
    }

    /** In upper case; a subcommand after its container and a blank: {@code XGROUP CREATE}. */
    public String name() {
        return name;
    }

    /** The last word of the name, as it is looked up. */
    byte[] word() {
        return word;
    }

    Collection<Command> subcommands() {
        return children;
    }

    /** True when {@code effects.tsv} has a line for it. */
    boolean isListed() {
        return listed;
    }

    Command withSubcommands(Collection<Command> others) {
        return new Command(name, arity, flags, keySpecs, listed ? effects : null, others);
    }

    List<KeySpec> keySpecs() {
        return keySpecs;
    }

    /** The number of arguments with the name: n exactly, or -n for n and more. */
    public int arity() {
        return arity;
    }

    public boolean arityFits(int argc) {
        return arity >= 0 ? argc == arity : argc >= -arity;
    }

    public boolean has(CommandFlag flag) {
        return flags.contains(flag);
    }

    public Set<CommandFlag> flags() {
        return flags;
    }

    public boolean isWrite() {
        return write;
    }

    /** True when it can stand in a replication stream: every write, and PUBLISH, EVAL, SCRIPT LOAD and their like. */
    public boolean mayReplicate() {
        return write || listed;
    }

    public Scope scope() {
        return effects.scope();
    }

    public Split split() {
        return effects.split();
    }

    public Replay replay(byte[][] argv) {
        return effects.replay(argv);
    }

    /** The expiry that the command as it stands sets, or null. */
    public Expiry expiry(byte[][] argv) {
        return effects.expiry().find(argv);
    }

    /**
     * False for a module's command whose server reports movable keys without saying where: {@link #keyPositions} then knows a
     * part of them at best, and the source's COMMAND GETKEYS is to be asked.
     */
    public boolean keysAreExact() {
        return exact;
    }

    /**
     * Where the keys stand in {@code argv}, ascending; a channel is no key.
     *
     * @throws MalformedCommandException when the arguments do not fit: the server would have refused the command
     */
    public int[] keyPositions(byte[][] argv) {
        if (!arityFits(argv.length)) {
            throw new MalformedCommandException(name + " has " + argv.length + " parts and needs "
                    + (arity < 0 ? -arity + " or more" : String.valueOf(arity)) + ".");
        }
        if (onlyKey > 0) {
            if (onlyKey >= argv.length) {
                throw new MalformedCommandException(
                        name + " has no argument " + onlyKey + ", where its key is expected.");
            }
            return new int[] {onlyKey};
        }
        if (keySpecs.isEmpty() && movable == null) {
            return NO_KEYS;
        }
        KeySpec.Positions found = new KeySpec.Positions();
        if (movable != null) {
            movable.find(argv, found);
        } else {
            for (KeySpec spec : keySpecs) {
                if (spec.isKey()) {
                    spec.find(name, argv, found);
                }
            }
        }
        return found.ascending();
    }

    /**
     * Which of {@link #keyPositions} hold keys of which the command needs to know nothing before, as it replaces them: the
     * flag OW of COMMAND. Empty for a command whose keys are found by its own grammar.
     */
    public int[] overwrittenKeys(byte[][] argv) {
        return positionsWith("OW", argv);
    }

    /** Which of {@link #keyPositions} hold keys that the command only reads: the flag RO of COMMAND; else as above. */
    public int[] readKeys(byte[][] argv) {
        return positionsWith("RO", argv);
    }

    private int[] positionsWith(String flag, byte[][] argv) {
        if (movable != null) {
            return NO_KEYS;
        }
        KeySpec.Positions found = new KeySpec.Positions();
        for (KeySpec spec : keySpecs) {
            if (spec.isKey() && spec.flags().contains(flag)) {
                spec.find(name, argv, found);
            }
        }
        return found.ascending();
    }

    /** The subcommand that {@code argv} names, or this when there is none such. */
    Command resolve(byte[][] argv) {
        if (subcommands == null || argv.length < 2) {
            return this;
        }
        Command subcommand = subcommands.find(argv[1]);
        return subcommand == null ? this : subcommand;
    }

    @Override
    public String toString() {
        return name;
    }
}
