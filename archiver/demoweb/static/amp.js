// Stands for the AMP runtime: it only says that it ran.
document.documentElement.classList.add("i-amphtml-ready");
