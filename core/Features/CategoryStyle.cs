namespace Mlops.Core.Features;

/// <summary>How text becomes numbers.</summary>
public enum CategoryStyle
{
    /// <summary>A code without order, for trees that split sets of categories.</summary>
    Codes,

    /// <summary>One 0/1 feature per category, for linear models.</summary>
    OneHot,
}
