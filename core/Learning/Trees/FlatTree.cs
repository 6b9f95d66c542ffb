namespace Mlops.Core.Learning.Trees;

/// <summary>A large numeric tree laid out for walking: 12 bytes per node, siblings side by side, eight rows in step.</summary>
/// <remarks>A leaf sends every value to itself, so rows that have arrived wait without a branch for those that have not. Eight walks at once keep eight loads in
/// flight, where one walk waits for each: deep trees do not fit the first caches.</remarks>
internal sealed class FlatTree
{
    private const int MissingLeftBit = 1 << 31;
    private readonly Node[] _nodes;
    private readonly int[] _original;

    private FlatTree(Node[] nodes, int[] original)
    {
        _nodes = nodes;
        _original = original;
    }

    /// <summary>The layout of a tree, or null when it has categorical nodes.</summary>
    public static FlatTree? TryCreate(DecisionTree tree)
    {
        if (tree.LeftCodes.Any(c => c is not null))
        {
            return null;
        }

        Node[] nodes = new Node[tree.Nodes];
        int[] original = new int[tree.Nodes];
        int used = 1;
        Queue<int> open = new();
        open.Enqueue(0);
        while (open.TryDequeue(out int at))
        {
            int node = original[at];
            if (tree.Feature[node] < 0)
            {
                nodes[at] = new Node(float.PositiveInfinity, MissingLeftBit, at);
                continue;
            }

            nodes[at] = new Node(tree.Threshold[node], tree.Feature[node] | (tree.MissingLeft[node] ? MissingLeftBit : 0), used);
            original[used] = tree.Left[node];
            original[used + 1] = tree.Right[node];
            open.Enqueue(used);
            open.Enqueue(used + 1);
            used += 2;
        }

        return new FlatTree(nodes, original);
    }

    /// <summary>The leaves (node numbers of the tree) that eight rows reach.</summary>
    /// <param name="rows">Eight rows one after another.</param>
    /// <param name="columns">Values per row.</param>
    /// <param name="leaves">OUT. Eight node numbers.</param>
    public unsafe void Leaves(ReadOnlySpan<float> rows, int columns, Span<int> leaves)
    {
        int* at = stackalloc int[8];
        fixed (Node* nodes = _nodes)
        fixed (float* row = rows)
        {
            int moved;
            do
            {
                moved = 0;
                for (int lane = 0; lane < 8; lane++)
                {
                    Node* node = nodes + at[lane];
                    float value = row[(lane * columns) + (node->Feature & ~MissingLeftBit)];
                    bool right = node->Feature < 0 ? value > node->Threshold : !(value <= node->Threshold);
                    int next = node->Left + (right ? 1 : 0);
                    moved |= next ^ at[lane];
                    at[lane] = next;
                }
            }
            while (moved != 0);
        }

        for (int lane = 0; lane < 8; lane++)
        {
            leaves[lane] = _original[at[lane]];
        }
    }

    private readonly record struct Node(float Threshold, int Feature, int Left);
}
