package io.millrace.cli.tidy;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Reads Java sources with the compiler's own parser: which parameters are undocumented, and who reads system properties. */
final class JavaShape {
    /** Findings of one parse. */
    record Findings(List<Finding> undocumented, List<Finding> properties) {}

    /** A source of the repository. */
    static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String file, String text) {
            super(URI.create("string:///" + file), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private JavaShape() {}

    /** Parses sources; their types need not exist. */
    static Findings of(List<Source> sources) {
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        final JavacTask task =
                (JavacTask) compiler.getTask(null, null, diagnostic -> {}, List.of("-proc:none"), null, sources);
        final DocTrees docs = DocTrees.instance(task);
        final Findings findings = new Findings(new ArrayList<>(), new ArrayList<>());
        try {
            for (CompilationUnitTree unit : task.parse()) {
                new Scanner(docs, unit, findings).scan(new TreePath(unit), null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return findings;
    }

    private static final class Scanner extends TreePathScanner<Void, Void> {
        private final DocTrees docs;
        private final CompilationUnitTree unit;
        private final Findings findings;

        Scanner(DocTrees docs, CompilationUnitTree unit, Findings findings) {
            this.docs = docs;
            this.unit = unit;
            this.findings = findings;
        }

        @Override
        public Void visitClass(ClassTree type, Void none) {
            if (!isPublic(type.getModifiers()) && !isMemberOfInterface()) {
                return new PropertyScanner().scan(getCurrentPath(), null);
            }
            if (type.getKind() == Tree.Kind.RECORD) {
                final Stream<String> components = type.getMembers().stream()
                        .filter(member -> member instanceof VariableTree field
                                && !field.getModifiers().getFlags().contains(Modifier.STATIC))
                        .map(member -> ((VariableTree) member).getName().toString());
                requireParams(type, type.getSimpleName().toString(), components.toList());
            }
            return super.visitClass(type, null);
        }

        @Override
        public Void visitMethod(MethodTree method, Void none) {
            final boolean override = method.getModifiers().getAnnotations().stream()
                    .anyMatch(each -> each.getAnnotationType().toString().endsWith("Override"));
            // A compact constructor has the components of its record, which the record documents.
            final boolean compact = getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.RECORD
                    && method.getReturnType() == null;
            final boolean open = isPublic(method.getModifiers())
                    || (isMemberOfInterface()
                            && !method.getModifiers().getFlags().contains(Modifier.PRIVATE));
            if (open && !override && !compact) {
                final List<String> names = method.getParameters().stream()
                        .map(each -> each.getName().toString())
                        .toList();
                requireParams(method, method.getName().toString(), names);
            }
            return super.visitMethod(method, null);
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree call, Void none) {
            requireNoProperty(call);
            return super.visitMethodInvocation(call, null);
        }

        private void requireNoProperty(MethodInvocationTree call) {
            if (call.getMethodSelect() instanceof MemberSelectTree method
                    && method.getExpression().toString().equals("System")
                    && Set.of("getProperty", "setProperty", "getProperties")
                            .contains(method.getIdentifier().toString())) {
                findings.properties.add(at(call, call.toString()));
            }
        }

        private boolean isMemberOfInterface() {
            final TreePath parent = getCurrentPath().getParentPath();
            return parent.getLeaf() instanceof ClassTree type && type.getKind() == Tree.Kind.INTERFACE;
        }

        private void requireParams(Tree tree, String name, List<String> params) {
            final DocCommentTree doc = docs.getDocCommentTree(getCurrentPath());
            final Set<String> documented = doc == null
                    ? Set.of()
                    : doc.getBlockTags().stream()
                            .filter(tag -> tag.getKind() == DocTree.Kind.PARAM)
                            .map(tag -> ((ParamTree) tag).getName().getName().toString())
                            .collect(Collectors.toSet());
            for (String param : params) {
                if (!documented.contains(param)) {
                    findings.undocumented.add(at(tree, name + ": no @param " + param));
                }
            }
        }

        private Finding at(Tree tree, String text) {
            final long position = docs.getSourcePositions().getStartPosition(unit, tree);
            final String file = unit.getSourceFile().toUri().getPath().substring(1);
            return new Finding(file, (int) unit.getLineMap().getLineNumber(position), text);
        }

        private static boolean isPublic(ModifiersTree modifiers) {
            return modifiers.getFlags().contains(Modifier.PUBLIC);
        }

        /** Inside of a type that is not public: only system properties matter. */
        private final class PropertyScanner extends TreePathScanner<Void, Void> {
            @Override
            public Void visitMethodInvocation(MethodInvocationTree call, Void none) {
                requireNoProperty(call);
                return super.visitMethodInvocation(call, null);
            }
        }
    }
}
