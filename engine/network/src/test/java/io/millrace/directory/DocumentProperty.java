package io.millrace.directory;

import static io.millrace.fuzz.FuzzInput.require;

import io.millrace.fuzz.FuzzInput;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Documents of any bytes are refused; bodies of any bytes under a true signature are refused or are the one encoding of the
 * document that is read.
 */
public final class DocumentProperty {
    private static final PaperRelay RELAY = new PaperRelay(1);
    private static final byte[] DESCRIPTOR = RELAY.descriptor(1, 100, 3).toByteArray();
    private static final byte[] DISCLOSURE = RELAY.disclosure(100).toByteArray();
    private static final int BODY_OFFSET = 4;
    private static final int TAIL_LENGTH = 66;

    private DocumentProperty() {}

    /** The first decision says which document, and whether it is signed after the damage. */
    public static void holds(FuzzInput input) {
        final int decision = input.next();
        final boolean descriptor = (decision & 1) == 0;
        final byte[] genuine = descriptor ? DESCRIPTOR : DISCLOSURE;
        if ((decision & 2) == 0) {
            final byte[] damaged = (decision & 4) == 0 ? input.damage(genuine) : input.rest();
            require(!reads(descriptor, damaged) || Arrays.equals(damaged, genuine), "read what was not signed");
            return;
        }
        final byte[] body = Arrays.copyOfRange(genuine, BODY_OFFSET, genuine.length - TAIL_LENGTH);
        final byte[] damaged = (decision & 4) == 0 ? input.damage(body) : input.rest();
        final byte[] document = SignedDocument.sign(
                descriptor ? RelayDescriptor.LABEL : "millrace-disclosure/v1",
                RELAY.pair,
                writer -> writer.raw(MemorySegment.ofArray(damaged), 0, Math.min(3_900, damaged.length)));
        if (reads(descriptor, document)) {
            require(Arrays.equals(document, again(descriptor, document)), "read another form");
        }
    }

    private static byte[] again(boolean descriptor, byte[] document) {
        try {
            if (descriptor) {
                final RelayDescriptor read = RelayDescriptor.decode(document, RELAY.identity);
                return RelayDescriptor.builder()
                        .sequence(read.sequence())
                        .linkKey(read.linkKey())
                        .vrfKey(read.vrfKey())
                        .law(read.law())
                        .schedule(read.schedule())
                        .keys(read.keys())
                        .sign(RELAY.pair)
                        .toByteArray();
            }
            final DelayDisclosure read = DelayDisclosure.decode(document, RELAY.identity);
            return DelayDisclosure.sign(RELAY.pair, read.proof(), read.law(), read.notBeforeMs(), read.notAfterMs())
                    .toByteArray();
        } catch (DocumentException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean reads(boolean descriptor, byte[] document) {
        try {
            return descriptor
                    ? RelayDescriptor.decode(document, RELAY.identity) != null
                    : DelayDisclosure.decode(document, RELAY.identity) != null;
        } catch (DocumentException e) {
            return false;
        }
    }
}
